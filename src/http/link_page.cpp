#include "http/link_page.h"

#include "http/page_assets.h"

namespace watchbill::http {

Response link_page(int status, const std::string& title, const Html& body) {
    Response response = text_response(
        status, "text/html; charset=utf-8",
        Html::fill(asset_text("ack.html"),
                   {{"title", Html::text(title)}, {"assets", Html::text(assets_path())}, {"body", body}})
            .string());
    // The address is a key: it must not be told to the next page.
    response.add_header("Referrer-Policy", "no-referrer");
    response.add_header("Content-Security-Policy", page_policy);
    return response;
}

Html link_paragraph(std::string_view text) {
    return Html::element("p", "", Html::lines(text)) + Html::markup("\n");
}

Response link_not_valid(const std::string& more) {
    return link_page(404, "This link is not valid",
                     link_paragraph("Or not any more: a newer mail may have a newer one." +
                                    (more.empty() ? "" : " " + more)));
}

}  // namespace watchbill::http
