foreach(name test_collect test_cpio test_decoder test_file test_flat_memory test_keep test_kernel test_plan test_process)
  host_test(${name} entrybench-run)
endforeach()
