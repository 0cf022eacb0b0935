using System.Buffers;
using System.Text.Json;

namespace IotOps.Emulator.TopicRules;

/// <summary>What an error action gets. See https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html.</summary>
internal static class FailureText
{
    public static ReadOnlyMemory<byte> Of(TopicRule rule, QueueAction action, RuleMessage message)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("ruleName"u8, rule.Name);
            json.WriteString("topic"u8, message.Topic);
            json.WriteString("cloudwatchTraceId"u8, message.TraceId);
            json.WriteString("clientId"u8, message.ClientId ?? "N/A");
            json.WriteString("base64OriginalPayload"u8, Convert.ToBase64String(message.Payload.Span));
            json.WriteStartArray("failures"u8);
            json.WriteStartObject();
            json.WriteString("failedAction"u8, "SqsAction"u8);
            json.WriteString("failedResource"u8, action.QueueUrl);
            json.WriteString("errorMessage"u8, $"Failed to send message to {action.QueueUrl}.");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
