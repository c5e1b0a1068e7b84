// Threads, channels, a condition variable with a timeout, a panic that is caught, a file, the time.
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{mpsc, Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn sums() {
    let total = Arc::new(Mutex::new(0u64));
    let threads: Vec<_> = (0..8u64)
        .map(|i| {
            let total = total.clone();
            thread::spawn(move || {
                for n in 0..1000 {
                    *total.lock().unwrap() += i * n;
                }
                i
            })
        })
        .collect();
    let ends: Vec<u64> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    println!("{:?} {}", ends, total.lock().unwrap());
}

fn messages() {
    let (tx, rx) = mpsc::channel();
    for id in 0..4 {
        let tx = tx.clone();
        thread::spawn(move || (0..10).for_each(|n| tx.send(id * 100 + n).unwrap()));
    }
    drop(tx);
    let all: Vec<i32> = rx.iter().collect();
    println!("{} messages, sum {}", all.len(), all.iter().sum::<i32>());
}

fn waits() {
    let pair = (Mutex::new(false), Condvar::new());
    let began = Instant::now();
    let limit = Duration::from_millis(20);
    let (_guard, result) = pair.1.wait_timeout(pair.0.lock().unwrap(), limit).unwrap();
    println!("timed out {}, 20 ms are over {}", result.timed_out(), began.elapsed() >= limit);
    thread::sleep(Duration::from_millis(5));
    println!("slept {}", began.elapsed() >= Duration::from_millis(25));
}

fn file() -> std::io::Result<()> {
    let path = std::env::temp_dir().join(format!("entrybench-{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new().read(true).write(true).create(true).open(&path)?;
    let mut text = String::new();
    writeln!(file, "a line of {} bytes", 19)?;
    file.seek(SeekFrom::Start(2))?;
    file.read_to_string(&mut text)?;
    println!("{:?} of {} bytes", text, std::fs::metadata(&path)?.len());
    std::fs::remove_file(&path)?;
    println!("removed {}", std::fs::metadata(&path).is_err());
    Ok(())
}

fn main() {
    sums();
    messages();
    waits();
    file().unwrap();
    std::panic::set_hook(Box::new(|_| ()));
    println!("panic caught {}", thread::spawn(|| panic!("on purpose")).join().is_err());
    std::process::exit(3);
}
