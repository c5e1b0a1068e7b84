# Made-up runs, for tests of the report and to look at it by hand.
add_library(made-up STATIC made_up.c)
target_link_libraries(made-up PUBLIC entrybench-model)
add_executable(make_up make_up.c)
target_link_libraries(make_up PRIVATE made-up)
host_test(test_table entrybench-table)
host_test(test_report made-up entrybench-report)
host_test(test_figures made-up entrybench-report)
target_compile_definitions(test_figures PRIVATE ENTRYBENCH_SOURCE="${PROJECT_SOURCE_DIR}")
set_tests_properties(host.test_figures PROPERTIES TIMEOUT 240) # gnuplot, some forty times
host_test(test_compare entrybench-compare)
set_tests_properties(host.test_compare PROPERTIES TIMEOUT 240)
