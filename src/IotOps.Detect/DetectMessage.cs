using IotOps.Detect.Evaluating;

namespace IotOps.Detect;

/// <summary>A message of the queue: what was said, and about which thing.</summary>
/// <param name="Thing">The thing's name; of a client without a thing its client id.</param>
/// <param name="Event">What was said.</param>
public sealed record DetectMessage(string Thing, DetectEvent Event)
{
    /// <summary>
    /// Reads what a rule of <see cref="DetectRules"/> put on the queue, or an entry of the AWS IoT logs:
    /// <c>{"report": BASE64, "thing", "time"}</c>, a lifecycle event, <c>{"sender" or "receiver", "time", "base64", "padding", "id"}</c>, or a line of
    /// AWSIotLogsV2. A report may also stand there as the object that it is.
    /// </summary>
    /// <param name="body">The message's body in UTF-8; it may come from anywhere.</param>
    /// <exception cref="FormatException">It is none of these; the message says what is wrong.</exception>
    public static DetectMessage Parse(ReadOnlyMemory<byte> body) => MessageReader.Read(body);

    /// <summary>
    /// Reads a message that may have many in it: what a subscription filter of CloudWatch Logs sends has a log entry a line, each for its own client.
    /// Entries about no client are left out. Of any other message there is one.
    /// </summary>
    /// <param name="body">The message's body: JSON in UTF-8, or the filter's gzip.</param>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static IReadOnlyList<DetectMessage> ParseAll(ReadOnlyMemory<byte> body) => MessageReader.ReadAll(body);
}
