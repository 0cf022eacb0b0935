namespace IotOps.Fleet;

/// <summary>One message on its way to a handler.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">
/// Equal when it is delivered again. From the message itself where it has an identity (an event's id; client, session and version of a lifecycle
/// event; task, violation), else what the caller gave; null when neither is there: then it is never taken for a repetition.
/// </param>
/// <param name="Json">The message, a JSON object in UTF-8, without the envelope of SNS.</param>
public sealed record RoutedMessage(RoutedMessageKind Kind, string? Key, ReadOnlyMemory<byte> Json);
