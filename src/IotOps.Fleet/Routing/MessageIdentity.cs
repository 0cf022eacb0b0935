using System.Text.Json;

namespace IotOps.Fleet.Routing;

/// <summary>What a message is, and what makes it the same when it comes again.</summary>
internal static class MessageIdentity
{
    public static RoutedMessageKind Kind(JsonElement message) => message switch
    {
        _ when Has(message, "detail-type") && Has(message, "source") && Has(message, "detail") => RoutedMessageKind.EventBridge,
        _ when Has(message, "ruleName") && Has(message, "failures") => RoutedMessageKind.RuleError,
        _ when Has(message, "clientId") && Value(message, "eventType") is "connected" or "disconnected" or "connect_failed" or "subscribed" or "unsubscribed" =>
            RoutedMessageKind.Lifecycle,
        _ when Has(message, "violationId") && Has(message, "violationEventType") => RoutedMessageKind.Detect,
        _ when Has(message, "taskId") && (Has(message, "taskStatus") || Has(message, "auditDetails")) => RoutedMessageKind.Audit,
        _ => RoutedMessageKind.RuleMessage,
    };

    /// <summary>
    /// Null when the message says nothing that only a repetition has. Its content is no identity: a button that is pressed twice sends the same
    /// message twice.
    /// </summary>
    public static string? Key(JsonElement message, RoutedMessageKind kind) => kind switch
    {
        RoutedMessageKind.EventBridge => Join(message, "id"),
        RoutedMessageKind.Lifecycle when Has(message, "versionNumber") => Join(message, "clientId", "sessionIdentifier", "eventType", "versionNumber"),
        RoutedMessageKind.Lifecycle => Join(message, "clientId", "sessionIdentifier", "eventType", "timestamp"),
        RoutedMessageKind.Audit => Join(message, "taskId", "taskStatus"),
        RoutedMessageKind.Detect => Join(message, "violationId", "violationEventType", "violationEventTime"),
        _ => null,
    };

    private static string? Join(JsonElement message, params ReadOnlySpan<string> names)
    {
        var values = new string[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (Value(message, names[i]) is not { } value)
            {
                return null;
            }

            values[i] = value;
        }

        // With their lengths, so that no two lists of values make one key.
        return string.Concat(values.Select(value => $"{value.Length}:{value}/"));
    }

    private static bool Has(JsonElement message, string name) => message.TryGetProperty(name, out _);

    private static string? Value(JsonElement message, string name) =>
        !message.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;
}
