#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/cli/command.h"

namespace indoubt {
namespace {

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string unique_path(const std::string& name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string file = std::string(test->test_suite_name()) + "." + test->name() + "." + name;
  std::replace(file.begin(), file.end(), '/',
               '_');  // parameterised tests have slashes in their names
  return testing::TempDir() + "indoubt." + std::to_string(getpid()) + "." + file;
}

}  // namespace

Called call_indoubt(const std::string& arguments) {
  return call_indoubt_in(INDOUBT_SOURCE_DIR, arguments);
}

Called call_indoubt_in(const std::string& directory, const std::string& arguments) {
  const std::string out = unique_path("out"), err = unique_path("err");
  const std::string call = "cd '" + directory + "' && ( '" INDOUBT_BINARY "' " + arguments + " )" +
                           " >'" + out + "' 2>'" + err + "'";
  const int status = std::system(call.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
}

std::string temporary_file(const std::string& name, const std::string& text) {
  const std::string path = unique_path(name);
  std::ofstream(path) << text;
  return path;
}

}  // namespace indoubt
