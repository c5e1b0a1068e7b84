host_test(test_decoder entrybench-core)
