using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Detect.Alarms;

/// <summary>A message as the form that SNS' Publish takes.</summary>
internal static class SnsPublish
{
    /// <summary>Bytes of message and attributes at most.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxSubjectChars = 99;
    private const int MaxAttributeChars = 256;
    private const int MaxEmailChars = 10_000;
    private const int MaxSmsChars = 300;

    // Of the 256 KiB: for the text beside the JSON, the attributes, and the escapes of JSON within JSON are counted afterwards.
    private const int MinJsonBytes = 64 * 1024;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Form(AlarmMessage message, string topicArn)
    {
        KeyValuePair<string, string>[] attributes = [.. Attributes(message)];
        int taken = attributes.Sum(attribute => Encoding.UTF8.GetByteCount(attribute.Key) + Encoding.UTF8.GetByteCount(attribute.Value) + "String".Length);
        var form = new StringBuilder("Action=Publish&Version=2010-03-31&MessageStructure=json");
        Add(form, "TopicArn", topicArn);
        Add(form, "Subject", Subject(message.Title));
        Add(form, "Message", Structure(message, MaxBytes - taken));
        for (int i = 0; i < attributes.Length; i++)
        {
            Add(form, $"MessageAttributes.entry.{i + 1}.Name", attributes[i].Key);
            Add(form, $"MessageAttributes.entry.{i + 1}.Value.DataType", "String");
            Add(form, $"MessageAttributes.entry.{i + 1}.Value.StringValue", attributes[i].Value);
        }

        if (topicArn.EndsWith(".fifo", StringComparison.Ordinal))
        {
            // A group id has 128 characters at most and not every one of them.
            Add(form, "MessageGroupId", Hash($"{message.IsDigest}\n{message.Kind}\n{message.Rule}"));
            Add(form, "MessageDeduplicationId", message.Id);
        }

        return form.ToString();
    }

    /// <summary>A subject as SNS takes it: ASCII without control characters, beginning with a letter, digit or punctuation mark, below 100 characters.</summary>
    public static string Subject(string title)
    {
        var subject = new StringBuilder();
        foreach (Rune rune in title.EnumerateRunes())
        {
            subject.Append(rune.Value is >= ' ' and <= '~' ? (char)rune.Value : '?');
        }

        string line = subject.ToString().Trim();
        return line.Length switch
        {
            0 => "Fleet alarm",
            > MaxSubjectChars => $"{line.AsSpan(0, MaxSubjectChars - 3)}...",
            _ => line,
        };
    }

    private static string Structure(AlarmMessage message, int maxBytes)
    {
        // JSON within JSON grows by its escapes, by half where it is full of quotes.
        for (int limit = maxBytes; ; limit = Math.Max(MinJsonBytes, limit / 2))
        {
            string structure = Structure(message.ToUtf8Json(limit), message.Text);
            if (Encoding.UTF8.GetByteCount(structure) <= maxBytes || limit == MinJsonBytes)
            {
                return structure;
            }
        }
    }

    private static string Structure(byte[] json, string text)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("default"u8, json);
            writer.WriteString("email"u8, AlarmWords.Cut(text, MaxEmailChars));
            writer.WriteString("sms"u8, AlarmWords.Cut(text, MaxSmsChars));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(AlarmMessage message)
    {
        yield return new("type", message.IsDigest ? "digest" : "alarms");
        if (message.Kind is { } kind)
        {
            yield return new("kind", AlarmWords.Of(kind));
            yield return new("state", AlarmWords.Of(message.State));
            yield return new("severity", AlarmWords.Of(message.Severity));
            if (!string.IsNullOrEmpty(message.Rule))
            {
                yield return new("rule", AlarmWords.OneLine(message.Rule, MaxAttributeChars));
            }
        }
    }

    private static void Add(StringBuilder form, string name, string value) => form.Append($"&{name}={Uri.EscapeDataString(value)}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
