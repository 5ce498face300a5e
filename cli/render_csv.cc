#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/render.h"

namespace indoubt {
namespace {

struct CsvFile {
  const char* name;
  std::string (*text)(const RunResult&);
};

/// RFC 4180: quoted where it holds a comma, a quote or a line break.
std::string field(std::string_view s) {
  if (s.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(s);
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string number(double x) {
  if (!(x - x == 0)) return "";
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", x);
  return text;
}

std::string estimate_fields(const Estimate& e) {
  return number(e.value) + "," + number(e.interval.low) + "," + number(e.interval.high) + "," +
         number(e.level) + "," + std::to_string(e.observations);
}

/// Kind, unit and interval: "proportion,1,wilson".
std::string kind_fields(const Measure& m, IntervalKind interval) {
  switch (m.kind) {
    case Measure::Kind::proportion: return "proportion,1," + std::string(name(interval));
    case Measure::Kind::time: return "time,ns,student";
    case Measure::Kind::count: break;
  }
  return "count,1,student";
}

std::string measures_csv(const RunResult& result) {
  std::string out =
      "protocol,measure,kind,unit,interval,value,low,high,level,observations,cut_off\n";
  for (const ProtocolResult& p : result.protocols)
    for (const Measure* m : result.file->measures.all()) {
      if (!is_reported(*m, p.totals)) continue;
      out += field(p.use->label) + "," + field(m->name) + "," + kind_fields(*m, result.interval) +
             "," + estimate_fields(estimate(*m, p.totals, 0.95, result.interval)) + "," +
             (m->cut_off ? std::to_string(m->cut_off(p.totals)) : "") + "\n";
    }
  return out;
}

std::string comparisons_csv(const RunResult& result) {
  std::string out =
      "protocol,model,measure,predicted,value,low,high,level,observations,margin,applies,verdict,"
      "reason\n";
  for (const ProtocolResult& p : result.protocols) {
    for (const Comparison& c : p.comparisons) {
      out += field(p.use->label) + "," + field(c.model->name) + "," + field(c.measure->name) + "," +
             (c.predicted ? number(*c.predicted) : "") + "," + estimate_fields(c.measured) + "," +
             number(c.margin) + "," + (c.inapplicable ? "no" : "yes") + "," +
             (c.predicted ? std::string(verdict_name(c)) : "") + "," +
             field(c.inapplicable.value_or("")) + "\n";
    }
  }
  return out;
}

std::string expectations_csv(const RunResult& result) {
  std::string out = "protocol,line,text,status,detail\n";
  for (const ExpectationResult& e : result.expectations) {
    out += field(e.label) + "," + std::to_string(e.line) + "," + field(e.text) + "," +
           std::string(name(e.status)) + "," + field(e.detail) + "\n";
  }
  return out;
}

constexpr std::array<CsvFile, 3> kFiles = {{{"measures.csv", &measures_csv},
                                            {"comparisons.csv", &comparisons_csv},
                                            {"expectations.csv", &expectations_csv}}};

std::string path_in(const std::string& directory, const CsvFile& file) {
  return (std::filesystem::path(directory) / file.name).string();
}

}  // namespace

std::string csv_files_in(const std::string& directory) {
  std::string out;
  for (const CsvFile& file : kFiles) {
    std::error_code error;
    const std::string path = path_in(directory, file);
    if (std::filesystem::exists(std::filesystem::symlink_status(path, error)))
      out += (out.empty() ? "" : ", ") + path;
  }
  return out;
}

std::string write_csv(const RunResult& result, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return "cannot make the directory " + directory + ": " + error.message();
  for (const CsvFile& file : kFiles) {
    const std::string path = path_in(directory, file);
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << file.text(result);
    out.close();
    if (!out) return path + ": " + (errno == 0 ? "failed" : std::strerror(errno));
  }
  return {};
}

}  // namespace indoubt
