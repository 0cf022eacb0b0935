using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>
/// What a message says, wherever it is posted. Immutable. Its JSON stays within 13,000 bytes, beyond which Slack answers
/// <c>msg_too_long</c> or <c>invalid_blocks</c>.
/// </summary>
public sealed class SlackMessage
{
    /// <summary>Takes text and blocks.</summary>
    /// <param name="text">The message; with blocks, what notifications and screen readers say instead. 1 to 4,000 characters.</param>
    /// <param name="blocks">At most 50.</param>
    /// <exception cref="ArgumentException">Text or blocks are beyond their limits.</exception>
    public SlackMessage(SlackText text, params IReadOnlyList<SlackBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(blocks);
        if (text.Mrkdwn.Length is < 1 or > SlackLimits.TextChars)
        {
            throw new ArgumentException($"A message's text has 1 to {SlackLimits.TextChars} characters, not {text.Mrkdwn.Length}; SlackText.Shortened cuts data.", nameof(text));
        }

        if (blocks.Count > SlackLimits.Blocks)
        {
            throw new ArgumentException($"A message has at most {SlackLimits.Blocks} blocks, not {blocks.Count}.", nameof(blocks));
        }

        Text = text;
        Blocks = [.. blocks];
        int bytes = MessageJson.Write(WriteTo).Length;
        if (bytes > SlackLimits.MessageBytes)
        {
            throw new ArgumentException($"A message has at most {SlackLimits.MessageBytes} bytes of JSON, not {bytes}.", nameof(blocks));
        }
    }

    /// <summary>The message, or what stands for it where blocks cannot be shown.</summary>
    public SlackText Text { get; }

    /// <summary>What is shown where there are any.</summary>
    public IReadOnlyList<SlackBlock> Blocks { get; }

    /// <summary>The text.</summary>
    public override string ToString() => Text.Mrkdwn;

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("text"u8, Text.Mrkdwn);
        if (Blocks.Count == 0)
        {
            return;
        }

        json.WriteStartArray("blocks"u8);
        foreach (SlackBlock block in Blocks)
        {
            json.WriteStartObject();
            block.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
