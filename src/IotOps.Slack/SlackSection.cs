using System.Text.Json;
using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>A paragraph.</summary>
public sealed class SlackSection : SlackBlock
{
    /// <summary>Takes the paragraph.</summary>
    /// <exception cref="ArgumentException">The text is empty or longer than 3,000 characters, escapes included.</exception>
    public SlackSection(SlackText text) => Text = Checked(text, SlackLimits.SectionChars, "A section", nameof(text));

    private SlackSection(SlackText text, bool isPlain)
        : this(text) => IsPlain = isPlain;

    /// <summary>The paragraph.</summary>
    public SlackText Text { get; }

    /// <summary>Whether every character shows as it is.</summary>
    public bool IsPlain { get; }

    /// <summary>A paragraph that shows every character as it is: no markup, no pictures, no links. For what devices, people and other programs wrote.</summary>
    /// <param name="text">1 character and more; cut after 3,000, escapes included.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static SlackSection OfPlainText(string text) => new(SlackText.Shortened(text, SlackLimits.SectionChars), isPlain: true);

    internal override void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "section"u8);
        json.WriteStartObject("text"u8);
        if (IsPlain)
        {
            json.WriteString("type"u8, "plain_text"u8);
            json.WriteString("text"u8, Text.Mrkdwn);
            json.WriteBoolean("emoji"u8, false);
        }
        else
        {
            WriteMrkdwn(json, Text);
        }

        json.WriteEndObject();
    }
}
