#include "config/server_config.h"

#include "config/locations.h"
#include "config/table_reader.h"
#include "config/values.h"
#include "words/suggest.h"

namespace watchbill {

namespace fs = std::filesystem;

namespace {

std::string default_path(const fs::path& folder, const char* name) {
    return (folder / name).lexically_normal().string();
}

// "0.0.0.0" and "::" listen everywhere, but lead nowhere.
std::string url_of_listen_address(ListenAddress address, bool encrypted) {
    if (address.host == "0.0.0.0") address.host = "127.0.0.1";
    if (address.host == "::") address.host = "::1";
    return (encrypted ? "https://" : "http://") + format_listen_address(address);
}

std::optional<std::string> parse_public_url(const Text& text, ProblemLog& log) {
    const auto parts = parse_web_url(text, "public_url", log);
    if (!parts) return std::nullopt;
    if (parts->rest.find_first_of("?#") != std::string::npos || !parts->user_info.empty()) {
        log.error(text.place,
                  "\"public_url\" takes no user, query (?) or fragment (#): feed paths are added to it");
        return std::nullopt;
    }
    std::string url = text.value;
    while (url.ends_with('/')) url.pop_back();
    return url;
}

std::optional<std::string> parse_database(const Text& text, const fs::path& folder, ProblemLog& log) {
    constexpr std::string_view sqlite = "sqlite:";
    const std::string& value = text.value;
    if (value.starts_with(sqlite)) {
        const std::string file = value.substr(sqlite.size());
        if (is_blank(file) || file.starts_with("//")) {
            log.error(text.place, "\"database\" lacks a path; write \"sqlite:watchbill.db\"");
            return std::nullopt;
        }
        const auto path = parse_path({file, text.place}, folder, log);
        if (!path) return std::nullopt;
        return std::string(sqlite) + *path;
    }
    const auto url = split_url(value);
    if (url && (url->scheme == "postgresql" || url->scheme == "postgres")) return value;
    log.error(
        text.place,
        "\"database\" must be \"sqlite:FILE\" or \"postgresql://HOST/NAME\" (it is not shown here, since "
        "it may hold a password)");
    return std::nullopt;
}

// An origin exactly as browsers send it (RFC 6454 6.2): anything else would never match, and nobody would see
// why.
std::optional<std::string> parse_origin(const Text& text, ProblemLog& log) {
    const auto parts = split_url(text.value);
    const bool web = parts && (parts->scheme == "https" || parts->scheme == "http");
    // No patterns, and names in other scripts as browsers encode them ("xn--...").
    constexpr std::string_view in_hosts = "abcdefghijklmnopqrstuvwxyz0123456789.-:";
    const bool exact = web && parts->host.find_first_not_of(in_hosts) == std::string::npos;
    if (!exact || !parts->user_info.empty() || !parts->rest.empty()) {
        log.error(text.place,
                  "each of cors_origins is a scheme and a host, such as "
                  "\"https://dashboard.example.com\", without a path or a slash at the end");
        return std::nullopt;
    }
    const bool ipv6 = parts->host.find(':') != std::string::npos;
    const bool usual_port = parts->port == (parts->scheme == "https" ? "443" : "80");
    std::string origin = parts->scheme + "://" + (ipv6 ? "[" + parts->host + "]" : parts->host);
    if (!parts->port.empty() && !usual_port) origin += ":" + parts->port;
    if (origin != text.value) {
        log.error(text.place,
                  "browsers send this origin as " + ('"' + origin + '"') + "; write it like that");
        return std::nullopt;
    }
    return origin;
}

std::optional<LogFormat> parse_log_format(const Text& text, ProblemLog& log) {
    if (text.value == "human") return LogFormat::human;
    if (text.value == "json") return LogFormat::json;
    log.error(text.place, in_quotes(text.value) + " is no log format; there are \"human\" and \"json\"");
    return std::nullopt;
}

std::optional<LogLevel> parse_log_level(const Text& text, ProblemLog& log) {
    if (text.value == "debug") return LogLevel::debug;
    if (text.value == "info") return LogLevel::info;
    if (text.value == "warning") return LogLevel::warning;
    if (text.value == "error") return LogLevel::error;
    log.error(text.place, in_quotes(text.value) +
                              " is no log level; there are \"debug\", \"info\", \"warning\" and \"error\"");
    return std::nullopt;
}

// One of the two files that encrypted connections need.
std::optional<std::string> parse_pem_file(const Text& text, const fs::path& folder, ProblemLog& log) {
    const auto path = parse_path(text, folder, log);
    std::error_code error;
    if (!path || fs::is_regular_file(*path, error)) return path;
    log.error(text.place, "the file " + in_quotes(text.value) + " cannot be found" +
                              (error ? ": " + error.message() : std::string()));
    return std::nullopt;
}

void warn_of_readers(const Text& key, const std::string& path, ProblemLog& log) {
    std::error_code error;
    if ((fs::status(path, error).permissions() & fs::perms::others_read) == fs::perms::none || error) return;
    log.warning(key.place, "the key " + in_quotes(key.value) +
                               " can be read by everybody on this machine; chmod it to 600");
}

void read_tls(TableReader& table, const fs::path& folder, ServerConfig& server, ProblemLog& log) {
    const auto certificate = table.text("tls_certificate", "the path of a PEM file");
    const auto key = table.text("tls_key", "the path of a PEM file");
    if (table.has("tls_certificate") != table.has("tls_key")) {
        const bool lacks_key = !table.has("tls_key");
        log.error(table.place_of(lacks_key ? "tls_certificate" : "tls_key"),
                  lacks_key ? "\"tls_certificate\" needs a \"tls_key\""
                            : "\"tls_key\" needs a \"tls_certificate\"");
    }
    if (!certificate || !key) return;
    const auto certificate_path = parse_pem_file(*certificate, folder, log);
    const auto key_path = parse_pem_file(*key, folder, log);
    if (key_path) warn_of_readers(*key, *key_path, log);
    if (certificate_path && key_path) server.tls = TlsSettings{*certificate_path, *key_path};
}

void read_trusted_proxies(TableReader& table, ServerConfig& server, ProblemLog& log) {
    const auto proxies = table.texts("trusted_proxies", "addresses such as \"10.0.0.0/8\"");
    if (!proxies) return;
    for (const Text& text : *proxies) {
        if (const auto range = IpRange::parse(text.value)) {
            server.trusted_proxies.push_back(*range);
        } else {
            log.error(text.place, in_quotes(text.value) +
                                      " is no address of a proxy; write \"192.0.2.7\" or, for a network, "
                                      "\"10.0.0.0/8\" with nothing behind its bits");
        }
    }
}

void read_server_table(TableReader table, const fs::path& folder, ServerConfig& server, ProblemLog& log) {
    if (const auto text = table.text("listen", "an address such as \"127.0.0.1:8080\"")) {
        if (auto listen = parse_listen_address(*text, log)) server.listen = *listen;
    }
    read_tls(table, folder, server, log);
    read_trusted_proxies(table, server, log);
    server.public_url = url_of_listen_address(server.listen, server.tls.has_value());
    if (const auto text = table.text("public_url", "a URL such as \"https://rota.example.com\"")) {
        if (auto url = parse_public_url(*text, log)) server.public_url = *url;
    } else if (!is_loopback(server.listen.host) && !table.has("public_url")) {
        log.warning(table.place_of("listen"),
                    "there is no \"public_url\", so links to feeds will start with " + server.public_url +
                        "; set it to what subscribers can reach");
    }
    if (const auto text = table.text("database", "a string such as \"sqlite:watchbill.db\"")) {
        if (auto database = parse_database(*text, folder, log)) server.database = *database;
    }
    if (const auto text = table.text("teams", "the path of a folder")) {
        if (auto path = parse_path(*text, folder, log)) server.teams_folder = *path;
    }
    if (const auto text = table.text("secret_file", "a path")) {
        if (auto path = parse_path(*text, folder, log)) server.secret_file = *path;
    }
    if (const auto text = table.text("log_format", "\"human\" or \"json\"")) {
        if (auto format = parse_log_format(*text, log)) server.log_format = *format;
    }
    if (const auto text = table.text("log_level", "a level such as \"info\"")) {
        if (auto level = parse_log_level(*text, log)) server.log_level = *level;
    }
    if (const auto texts = table.texts("cors_origins", "origins such as \"https://dashboard.example.com\"")) {
        for (const Text& text : *texts) {
            if (auto origin = parse_origin(text, log)) server.cors_origins.push_back(std::move(*origin));
        }
    }
    table.report_unknown_keys();
}

std::optional<StartTls> parse_starttls(const Text& text, ProblemLog& log) {
    if (text.value == "required") return StartTls::required;
    if (text.value == "optional") return StartTls::optional;
    if (text.value == "never") return StartTls::never;
    log.error(text.place,
              in_quotes(text.value) +
                  " is no choice for \"starttls\"; there are \"required\", \"optional\" and \"never\"");
    return std::nullopt;
}

std::optional<UrlParts> parse_smtp_url(const Text& text, ProblemLog& log) {
    const auto parts = split_url(text.value);
    if (!parts || (parts->scheme != "smtp" && parts->scheme != "smtps")) {
        log.error(text.place,
                  "\"smtp\" must be a URL such as \"smtp://127.0.0.1:25\" or \"smtps://mail.example.com\"");
        return std::nullopt;
    }
    if (!parts->user_info.empty() || (!parts->rest.empty() && parts->rest != "/")) {
        log.error(
            text.place,
            "\"smtp\" takes only a host and a port; credentials go into \"user\" and \"password_file\"");
        return std::nullopt;
    }
    return parts;
}

// On this machine's own loopback nobody listens in, and mail servers there seldom have a certificate.
void read_starttls(TableReader& table, const UrlParts& smtp, MailSettings& mail, ProblemLog& log) {
    mail.starttls = is_loopback(smtp.host) ? StartTls::optional : StartTls::required;
    const auto text = table.text("starttls", "\"required\", \"optional\" or \"never\"");
    if (!text) return;
    if (smtp.scheme == "smtps") {
        log.error(text->place,
                  "\"starttls\" has no meaning with smtps://, which is encrypted from the start");
        return;
    }
    if (const auto starttls = parse_starttls(*text, log)) mail.starttls = *starttls;
    if (mail.starttls != StartTls::required && table.has("user") && !is_loopback(smtp.host)) {
        log.warning(text->place,
                    "the password may travel unencrypted; set \"starttls\" to \"required\" or use smtps://");
    }
}

void read_mail_credentials(TableReader& table, const fs::path& folder, MailSettings& mail, ProblemLog& log) {
    const auto user = table.text("user");
    const auto password = table.text("password_file", "the path of a file that holds the password");
    if (table.has("user") != table.has("password_file")) {
        const bool lacks_user = !table.has("user");
        log.error(table.place_of(lacks_user ? "password_file" : "user"),
                  lacks_user ? "\"password_file\" needs a \"user\"" : "\"user\" needs a \"password_file\"");
    }
    if (user) mail.user = user->value;
    if (password) mail.password_file = parse_password_file(*password, folder, log).value_or("");
}

// The mail server's own name, as it writes it first into Authentication-Results.
std::optional<std::string> parse_authserv_id(const Text& text, ProblemLog& log) {
    const bool is_name = !is_blank(text.value) && text.value.find_first_of(" \t;\"()=/") == std::string::npos;
    if (is_name) return text.value;
    log.error(text.place, in_quotes(text.value) +
                              " is no \"authserv_id\"; write what stands first in the mail server's "
                              "Authentication-Results, such as \"mx.example.com\"");
    return std::nullopt;
}

MailSettings read_mail_table(TableReader table, const fs::path& folder, ProblemLog& log) {
    MailSettings mail;
    if (table.require("from", "the address that invitations come from")) {
        if (const auto text = table.text("from", "an e-mail address")) {
            if (auto from = parse_email(*text, log)) mail.from = *from;
        }
    }
    UrlParts smtp;
    if (table.require("smtp", "the mail server, such as \"smtp://127.0.0.1:25\"")) {
        if (const auto text = table.text("smtp", "a URL such as \"smtp://127.0.0.1:25\"")) {
            if (auto parts = parse_smtp_url(*text, log)) {
                smtp = *parts;
                mail.smtp = text->value;
            }
        }
    }
    read_starttls(table, smtp, mail, log);
    read_mail_credentials(table, folder, mail, log);
    if (const auto text = table.text("authserv_id", "a name such as \"mx.example.com\"")) {
        if (auto name = parse_authserv_id(*text, log)) mail.authserv_id = std::move(*name);
    }
    table.report_unknown_keys();
    return mail;
}

}  // namespace

ConfiguredServer read_server_config(const toml::table& document, const fs::path& folder, ProblemLog& log) {
    ConfiguredServer server;
    server.database_place = server.secret_file_place = log.whole_file();
    server.settings.public_url = url_of_listen_address(server.settings.listen, false);
    server.settings.database = "sqlite:" + default_path(folder, "watchbill.db");
    server.settings.teams_folder = default_path(folder, "teams");
    server.settings.secret_file = default_path(folder, "secret.key");

    TableReader root(document, "this file", log);
    if (auto table = root.table("server")) {
        server.database_place = table->place_of("database");
        server.secret_file_place = table->place_of("secret_file");
        read_server_table(*table, folder, server.settings, log);
    }
    server.has_mail = root.has("mail");
    server.smtp_place = log.whole_file();
    if (auto table = root.table("mail")) {
        server.smtp_place = table->place_of("smtp");
        server.settings.mail = read_mail_table(*table, folder, log);
    }
    root.report_unknown_keys();
    return server;
}

}  // namespace watchbill
