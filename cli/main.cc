#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "cli/commands.h"
#include "sim/engine/simulation.h"

namespace {

const char* called_as = "indoubt";

/// In a file or a pipe: short results are written at once, so that a failure is told with its
/// cause.
void buffer_output() {
  static std::array<char, std::size_t{1} << 18> buffer;
  if (isatty(STDOUT_FILENO) == 0) std::setvbuf(stdout, buffer.data(), _IOFBF, buffer.size());
}

int dispatch(std::string name, const indoubt::Arguments& rest) {
  using namespace indoubt;
  if (name == "--help" || name == "-h") name = "help";
  if (name == "--version" || name == "-v" || name == "-V") name = "version";
  const Command* command = find_command(name);
  return command == nullptr ? unknown_command(name) : command->act(rest);
}

}  // namespace

const char* indoubt::program_name() { return called_as; }

void indoubt::write_output(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw WriteError(errno == 0 ? "an earlier write failed" : std::strerror(errno));
}

int main(int argc, char** argv) {
  if (argc > 0) called_as = argv[0];
  buffer_output();
  try {
    if (argc < 2) {
      std::fputs(indoubt::help_text().c_str(), stderr);
      return indoubt::kExitUsage;
    }
    const int status = dispatch(argv[1], indoubt::Arguments(argv + 2, argv + argc));
    indoubt::write_output("");
    return status;
  } catch (const indoubt::CapacityExceeded& e) {  // the scenario asks for too much
    std::fprintf(stderr, "indoubt: %s\n", e.what());
    return indoubt::kExitUsage;
  } catch (const indoubt::WriteError& e) {
    std::fprintf(stderr, "indoubt: cannot write the result: %s\n", e.what());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "indoubt: internal error: %s\n", e.what());
  } catch (...) {
    std::fprintf(stderr, "indoubt: internal error\n");
  }
  return indoubt::kExitInternal;
}
