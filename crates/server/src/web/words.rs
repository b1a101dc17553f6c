//! The words of the hosted pages, in the languages of the widget.

use axum::http::{HeaderMap, header};

/// The words of one language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// The language tag. The widget on the page follows it.
    pub(super) lang: &'static str,
    pub(super) title: &'static str,
    pub(super) gone: &'static str,
    pub(super) gone_text: &'static str,
    pub(super) unknown: &'static str,
    pub(super) unknown_text: &'static str,
    pub(super) failed: &'static str,
    pub(super) failed_text: &'static str,
}

impl Words {
    pub(super) fn dir(&self) -> &'static str {
        if self.lang == "ar" { "rtl" } else { "ltr" }
    }

    /// Returns the words for a visitor: in the language that `lang` of the address asks for, or else in the first
    /// available one of the browser.
    pub(super) fn choose(lang: Option<&str>, headers: &HeaderMap) -> &'static Self {
        lang.and_then(of_tag).or_else(|| accepted(headers).into_iter().find_map(of_tag)).unwrap_or(&ENGLISH)
    }
}

/// Returns the words for a tag such as `pt-BR`, by the widget's rule.
fn of_tag(tag: &str) -> Option<&'static Words> {
    let tag = tag.to_ascii_lowercase().replace('_', "-");
    let traditional = ["zh-hant", "zh-tw", "zh-hk", "zh-mo"].iter().any(|start| tag.starts_with(start));
    let lang = if traditional { "zh-Hant" } else { tag.split('-').next().unwrap_or_default() };
    if lang == ENGLISH.lang { Some(&ENGLISH) } else { TRANSLATIONS.iter().find(|words| words.lang == lang) }
}

/// Returns the tags in `Accept-Language`, the preferred one first.
fn accepted(headers: &HeaderMap) -> Vec<&str> {
    let value = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut tags: Vec<(f32, &str)> = value
        .split(',')
        .filter_map(|part| {
            let (tag, quality) = part.split_once(';').unwrap_or((part, "q=1"));
            let quality = quality.trim().strip_prefix("q=")?.parse().ok().filter(|quality| *quality > 0.0)?;
            Some((quality, tag.trim()))
        })
        .collect();
    tags.sort_by(|a, b| b.0.total_cmp(&a.0));
    tags.into_iter().map(|(_, tag)| tag).collect()
}

pub(super) static ENGLISH: Words = Words {
    lang: "en",
    title: "How was your call?",
    gone: "This link no longer works",
    gone_text: "The link has expired, or it was not copied completely.",
    unknown: "Account not found",
    unknown_text: "The address of the frame must end in the AccountSid of an account on this server.",
    failed: "Something went wrong",
    failed_text: "The server could not show this page. Please try again later.",
};

static TRANSLATIONS: [Words; 12] = [
    Words {
        lang: "ar",
        title: "كيف كانت مكالمتك؟",
        gone: "هذا الرابط لم يعد يعمل",
        gone_text: "انتهت صلاحية الرابط، أو لم يُنسخ كاملًا.",
        unknown: "الحساب غير موجود",
        unknown_text: "يجب أن ينتهي عنوان الإطار بمعرّف AccountSid لحساب على هذا الخادم.",
        failed: "حدث خطأ ما",
        failed_text: "تعذّر على الخادم عرض هذه الصفحة. يُرجى المحاولة لاحقًا.",
    },
    Words {
        lang: "de",
        title: "Wie war Ihr Anruf?",
        gone: "Dieser Link funktioniert nicht mehr",
        gone_text: "Der Link ist abgelaufen oder wurde nicht vollständig kopiert.",
        unknown: "Konto nicht gefunden",
        unknown_text: "Die Adresse des Frames muss mit der AccountSid eines Kontos auf diesem Server enden.",
        failed: "Etwas ist schiefgegangen",
        failed_text: "Der Server konnte diese Seite nicht anzeigen. Bitte versuchen Sie es später noch einmal.",
    },
    Words {
        lang: "es",
        title: "¿Qué tal fue la llamada?",
        gone: "Este enlace ya no funciona",
        gone_text: "El enlace ha caducado o no se copió completo.",
        unknown: "No se encontró la cuenta",
        unknown_text: "La dirección del marco debe terminar en el AccountSid de una cuenta de este servidor.",
        failed: "Algo ha fallado",
        failed_text: "El servidor no pudo mostrar esta página. Inténtelo de nuevo más tarde.",
    },
    Words {
        lang: "fr",
        title: "Comment s’est passé votre appel\u{a0}?",
        gone: "Ce lien ne fonctionne plus",
        gone_text: "Le lien a expiré ou n’a pas été copié en entier.",
        unknown: "Compte introuvable",
        unknown_text: "L’adresse du cadre doit se terminer par l’AccountSid d’un compte de ce serveur.",
        failed: "Une erreur s’est produite",
        failed_text: "Le serveur n’a pas pu afficher cette page. Veuillez réessayer plus tard.",
    },
    Words {
        lang: "it",
        title: "Com’è andata la chiamata?",
        gone: "Questo link non funziona più",
        gone_text: "Il link è scaduto oppure non è stato copiato per intero.",
        unknown: "Account non trovato",
        unknown_text: "L’indirizzo del frame deve terminare con l’AccountSid di un account di questo server.",
        failed: "Qualcosa è andato storto",
        failed_text: "Il server non è riuscito a mostrare questa pagina. Riprovi più tardi.",
    },
    Words {
        lang: "ja",
        title: "通話はいかがでしたか？",
        gone: "このリンクは使用できなくなりました",
        gone_text: "リンクの有効期限が切れているか、リンクの一部しかコピーされていません。",
        unknown: "アカウントが見つかりません",
        unknown_text: "フレームのアドレスは、このサーバーにあるアカウントの AccountSid で終わる必要があります。",
        failed: "問題が発生しました",
        failed_text: "サーバーはこのページを表示できませんでした。しばらくしてからもう一度お試しください。",
    },
    Words {
        lang: "nl",
        title: "Hoe was uw gesprek?",
        gone: "Deze link werkt niet meer",
        gone_text: "De link is verlopen of niet volledig gekopieerd.",
        unknown: "Account niet gevonden",
        unknown_text: "Het adres van het frame moet eindigen op de AccountSid van een account op deze server.",
        failed: "Er is iets misgegaan",
        failed_text: "De server kon deze pagina niet tonen. Probeer het later opnieuw.",
    },
    Words {
        lang: "pl",
        title: "Jak przebiegła rozmowa?",
        gone: "Ten link już nie działa",
        gone_text: "Link wygasł lub nie został skopiowany w całości.",
        unknown: "Nie znaleziono konta",
        unknown_text: "Adres ramki musi kończyć się identyfikatorem AccountSid konta na tym serwerze.",
        failed: "Coś poszło nie tak",
        failed_text: "Serwer nie mógł wyświetlić tej strony. Spróbuj ponownie później.",
    },
    Words {
        lang: "pt",
        title: "Como foi a sua chamada?",
        gone: "Este link já não funciona",
        gone_text: "O link expirou ou não foi copiado por inteiro.",
        unknown: "Conta não encontrada",
        unknown_text: "O endereço do frame deve terminar com o AccountSid de uma conta deste servidor.",
        failed: "Algo correu mal",
        failed_text: "O servidor não conseguiu mostrar esta página. Tente novamente mais tarde.",
    },
    Words {
        lang: "tr",
        title: "Görüşmeniz nasıldı?",
        gone: "Bu bağlantı artık çalışmıyor",
        gone_text: "Bağlantının süresi dolmuş veya bağlantı eksik kopyalanmış.",
        unknown: "Hesap bulunamadı",
        unknown_text: "Çerçevenin adresi, bu sunucudaki bir hesabın AccountSid değeriyle bitmelidir.",
        failed: "Bir sorun oluştu",
        failed_text: "Sunucu bu sayfayı gösteremedi. Lütfen daha sonra tekrar deneyin.",
    },
    Words {
        lang: "zh",
        title: "您对这次通话满意吗？",
        gone: "此链接已失效",
        gone_text: "链接已过期，或者没有完整复制。",
        unknown: "找不到该账户",
        unknown_text: "框架的地址必须以此服务器上某个账户的 AccountSid 结尾。",
        failed: "出了点问题",
        failed_text: "服务器无法显示此页面。请稍后再试。",
    },
    Words {
        lang: "zh-Hant",
        title: "您覺得這次通話如何？",
        gone: "此連結已失效",
        gone_text: "連結已過期，或是沒有完整複製。",
        unknown: "找不到此帳戶",
        unknown_text: "框架的網址必須以此伺服器上某個帳戶的 AccountSid 結尾。",
        failed: "發生問題",
        failed_text: "伺服器無法顯示此頁面。請稍後再試。",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(lang: Option<&str>, accept: &str) -> &'static str {
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, accept.parse().unwrap())]);
        Words::choose(lang, &headers).lang
    }

    #[test]
    fn the_address_precedes_the_browser_and_english_comes_last() {
        for (lang, accept, expected) in [
            (Some("pl"), "de", "pl"),
            (Some("pt_BR"), "", "pt"),
            (Some("xx"), "fr-CA, en;q=0.8", "fr"),
            (Some("fil"), "", "en"),
            (None, "fil, fi;q=0.9, tr;q=0.8", "tr"),
            (None, "de;q=0.3, *;q=0.9, ja;q=0.7", "ja"),
            (None, "de;q=0, it;q=0.1", "it"),
            (None, "es, nl", "es"),
            (None, "zh-TW", "zh-Hant"),
            (None, "zh-Hant-HK", "zh-Hant"),
            (None, "zh-CN, zh;q=0.9", "zh"),
            (None, "de;q=x, ;q=1", "en"),
            (None, "", "en"),
        ] {
            assert_eq!(chosen(lang, accept), expected, "{lang:?} {accept}");
        }
    }

    #[test]
    fn the_title_is_the_question_of_the_widget() {
        for words in TRANSLATIONS.iter().chain([&ENGLISH]) {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/text/");
            let json = std::fs::read(format!("{path}{}.json", words.lang.to_lowercase())).unwrap();
            let text: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!((&text["question"], &text["dir"]), (&words.title.into(), &words.dir().into()), "{}", words.lang);
        }
    }
}
