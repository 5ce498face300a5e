#pragma once
// Everything that there is of a kind, for tests that go through all of it.
#include <string>
#include <vector>

#include "protocols/catalogue.h"

namespace indoubt {

/// The paths of the scenarios in the library, in order.
std::vector<std::string> library_files();
/// Their names, under which the program knows them, in order.
std::vector<std::string> library_names();
/// The path of the one of that name, which must be there.
std::string library_file(const std::string& name);

/// The rows of the catalogue of protocols, in order.
std::vector<const ProtocolEntry*> every_protocol();
/// Its name as a part of the name of a test: without hyphens.
std::string test_name_of(const ProtocolEntry& protocol);

}  // namespace indoubt
