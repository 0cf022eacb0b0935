using System.Text.Json;

namespace IotOps.Slack;

/// <summary>A block of a message: a <see cref="SlackSection"/>, <see cref="SlackContext"/> or <see cref="SlackActions"/>. Immutable.</summary>
public abstract class SlackBlock
{
    private protected SlackBlock()
    {
    }

    internal abstract void WriteTo(Utf8JsonWriter json);

    private protected static SlackText Checked(SlackText text, int maxChars, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return text.Mrkdwn.Length <= maxChars && text.Mrkdwn.Length > 0
            ? text
            : throw new ArgumentException($"{what} has 1 to {maxChars} characters, not {text.Mrkdwn.Length}; SlackText.Shortened cuts data.", parameter);
    }

    private protected static void WriteMrkdwn(Utf8JsonWriter json, SlackText text)
    {
        json.WriteString("type"u8, "mrkdwn"u8);
        json.WriteString("text"u8, text.Mrkdwn);
    }

    private protected static IReadOnlyList<T> Checked<T>(IReadOnlyList<T> items, int max, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(items, parameter);
        return items.Count >= 1 && items.Count <= max
            ? [.. items]
            : throw new ArgumentException($"{what} has 1 to {max} elements, not {items.Count}.", parameter);
    }
}
