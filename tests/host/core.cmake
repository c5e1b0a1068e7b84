host_test(test_decoder entrybench-core)
host_test(test_flat_memory entrybench-core)
