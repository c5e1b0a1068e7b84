fn main() { println!("hello from Rust, {} arguments", std::env::args().count()); }
