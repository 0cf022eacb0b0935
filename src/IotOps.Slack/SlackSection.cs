using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>A paragraph.</summary>
public sealed class SlackSection : SlackBlock
{
    /// <summary>Takes the paragraph.</summary>
    /// <exception cref="ArgumentException">The text is empty or longer than 3,000 characters, escapes included.</exception>
    public SlackSection(SlackText text) => Text = Checked(text, SlackLimits.SectionChars, "A section", nameof(text));

    /// <summary>The paragraph.</summary>
    public SlackText Text { get; }

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "section"u8);
        json.WriteStartObject("text"u8);
        WriteMrkdwn(json, Text);
        json.WriteEndObject();
    }
}
