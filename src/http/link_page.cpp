#include "http/link_page.h"

#include "http/page_assets.h"
#include "http/page_routes.h"

namespace watchbill::http {

Response link_page(int status, const std::string& title, const Html& body) {
    Response response = text_response(
        status, "text/html; charset=utf-8",
        Html::fill(asset_text("ack.html"),
                   {{"title", Html::text(title)}, {"assets", Html::text(assets_path())}, {"body", body}})
            .string());
    Headers& headers = response.headers;
    headers.add("Cache-Control", "private, no-store");
    // The address is a key: it must not be told to the next page.
    headers.add("Referrer-Policy", "no-referrer");
    headers.add("Content-Security-Policy", std::string(page_policy));
    return response;
}

Html link_paragraph(std::string_view text) {
    return Html::markup("<p>") + Html::lines(text) + Html::markup("</p>\n");
}

}  // namespace watchbill::http
