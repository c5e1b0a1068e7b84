// Timers, goroutines, channels, a pipe through the poller, a file, the collector.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func ticks() {
	began := time.Now()
	ticker := time.NewTicker(5 * time.Millisecond)
	for i := 0; i < 5; i++ {
		<-ticker.C
	}
	ticker.Stop()
	fmt.Println("five ticks, 25 ms are over:", time.Since(began) >= 25*time.Millisecond)
}

func goroutines() {
	var group sync.WaitGroup
	var lock sync.Mutex
	sum := 0
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			time.Sleep(time.Duration(i%5) * time.Millisecond)
			lock.Lock()
			sum += i
			lock.Unlock()
		}(i)
	}
	group.Wait()
	fmt.Println("sum", sum)
	select {
	case <-time.After(2 * time.Millisecond):
		fmt.Println("nobody sends")
	case <-make(chan int):
	}
}

func pipe() {
	r, w, err := os.Pipe()
	check(err)
	go func() {
		time.Sleep(3 * time.Millisecond)
		w.Write([]byte("through a pipe"))
		w.Close()
	}()
	bytes := make([]byte, 100)
	n, err := r.Read(bytes)
	check(err)
	fmt.Println(string(bytes[:n]))
	_, err = r.Read(bytes)
	fmt.Println(err)
	check(r.SetReadDeadline(time.Now()))
}

func file() {
	name := fmt.Sprintf("/tmp/entrybench-%d", os.Getpid())
	check(os.WriteFile(name, []byte("abc"), 0644))
	bytes, err := os.ReadFile(name)
	check(err)
	check(os.Remove(name))
	_, err = os.Stat(name)
	fmt.Println(string(bytes), os.IsNotExist(err))
}

func main() {
	ticks()
	goroutines()
	pipe()
	file()
	runtime.GC()
	os.Exit(5)
}
