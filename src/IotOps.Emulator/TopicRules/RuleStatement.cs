using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotOps.Emulator.Mqtt.Topics;

namespace IotOps.Emulator.TopicRules;

/// <summary>A rule's SQL, read. See https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html.</summary>
/// <param name="Columns">What is selected; one without an expression is <c>*</c>.</param>
/// <param name="Filter">The topics.</param>
/// <param name="Condition">Which messages; null for all.</param>
internal sealed record RuleStatement(IReadOnlyList<RuleColumn> Columns, string Filter, RuleExpression? Condition)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a message is on one of the rule's topics and meets its condition.</summary>
    public bool Takes(RuleMessage message) => TopicFilter.Matches(Filter, message.Topic) && Meets(message);

    public bool Meets(RuleMessage message) => Condition?.Holds(message) != false;

    /// <summary>What the rule makes of a message; null when it needs JSON and the message is none.</summary>
    public ReadOnlyMemory<byte>? Select(RuleMessage message)
    {
        if (Columns is [{ Expression: null }])
        {
            return message.Payload;
        }

        var result = new ArrayBufferWriter<byte>(256);
        using (var output = new Utf8JsonWriter(result, Plain))
        {
            output.WriteStartObject();
            foreach (RuleColumn column in Columns)
            {
                if (column.Expression is { } expression)
                {
                    expression.Evaluate(message).WriteTo(output, column.Name);
                }
                else if (!TryWriteAll(message, output))
                {
                    return null;
                }
            }

            output.WriteEndObject();
        }

        return result.WrittenMemory;
    }

    // A column by name stands over the member of the same name.
    private bool TryWriteAll(RuleMessage message, Utf8JsonWriter output)
    {
        if (message.Json is not { ValueKind: JsonValueKind.Object } json)
        {
            return false;
        }

        foreach (JsonProperty member in json.EnumerateObject().Where(member => !Columns.Any(column => column.Name == member.Name)))
        {
            member.WriteTo(output);
        }

        return true;
    }
}
