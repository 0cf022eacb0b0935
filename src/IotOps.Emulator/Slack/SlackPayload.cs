using System.Text.Json;

namespace IotOps.Emulator.Slack;

/// <summary>Holds a message against what Slack takes. See https://docs.slack.dev/reference/block-kit/blocks.</summary>
internal static class SlackPayload
{
    private const int MaxBlocks = 50;
    private const int MaxSectionChars = 3_000;
    private const int MaxTextChars = 40_000;
    private const int MaxUrlChars = 3_000;
    private const int MaxButtonChars = 75;
    private const int MaxFields = 10;
    private const int MaxFieldChars = 2_000;
    private const int MaxHeaderChars = 150;
    private const int MaxAltChars = 2_000;
    private const int MaxButtons = 25;
    private const int MaxContextElements = 10;

    /// <summary>Slack's word for what is wrong; null when nothing is.</summary>
    public static string? Check(JsonElement message)
    {
        string text = Text(message, "text");
        bool hasAttachments = message.TryGetProperty("attachments", out JsonElement attachments) && attachments.ValueKind == JsonValueKind.Array && attachments.GetArrayLength() > 0;
        bool hasBlocks = message.TryGetProperty("blocks", out JsonElement blocks);
        if (!hasBlocks)
        {
            return text.Length == 0 && !hasAttachments ? "no_text" : text.Length > MaxTextChars ? "msg_too_long" : null;
        }

        return blocks.ValueKind == JsonValueKind.Array && blocks.GetArrayLength() <= MaxBlocks && blocks.EnumerateArray().All(IsBlock) ? null : "invalid_blocks";
    }

    public static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsBlock(JsonElement block) => Text(block, "type") switch
    {
        "section" => (block.TryGetProperty("text", out JsonElement text) ? IsText(text, MaxSectionChars) : block.TryGetProperty("fields", out _))
            && (!block.TryGetProperty("fields", out JsonElement fields) || (fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() is >= 1 and <= MaxFields && fields.EnumerateArray().All(static f => IsText(f, MaxFieldChars)))),
        "header" => block.TryGetProperty("text", out JsonElement header) && Text(header, "type") == "plain_text" && IsText(header, MaxHeaderChars),
        "image" => Text(block, "alt_text").Length is >= 1 and <= MaxAltChars && (Text(block, "image_url").Length is >= 1 and <= MaxUrlChars || block.TryGetProperty("slack_file", out _)),
        "rich_text" => Elements(block).Length >= 1,
        "context" => Elements(block) is { Length: >= 1 and <= MaxContextElements } elements && elements.All(e => IsText(e, MaxSectionChars)),
        "actions" => Elements(block) is { Length: >= 1 and <= MaxButtons } elements && elements.All(IsButton),
        "divider" => true,
        _ => false,
    };

    private static bool IsButton(JsonElement element) =>
        Text(element, "type") == "button"
        && element.TryGetProperty("text", out JsonElement label) && Text(label, "type") == "plain_text" && Text(label, "text").Length is >= 1 and <= MaxButtonChars
        && Text(element, "url").Length <= MaxUrlChars;

    private static bool IsText(JsonElement text, int max) => Text(text, "type") is "mrkdwn" or "plain_text" && Text(text, "text").Length is var length && length >= 1 && length <= max;

    private static JsonElement[] Elements(JsonElement block) =>
        block.TryGetProperty("elements", out JsonElement elements) && elements.ValueKind == JsonValueKind.Array ? [.. elements.EnumerateArray()] : [];
}
