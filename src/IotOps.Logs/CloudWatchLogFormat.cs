namespace IotOps.Logs;

/// <summary>How a message of an <c>ILogger</c> is written.</summary>
public enum CloudWatchLogFormat
{
    /// <summary><c>2023-10-01T12:00:00.000Z info My.Category[7] message</c>, then scopes and exception on lines of their own.</summary>
    Text,

    /// <summary>
    /// One JSON object: <c>timestamp</c>, <c>level</c>, <c>category</c>, <c>eventId</c>, <c>eventName</c>, <c>message</c>,
    /// <c>state</c> with the message's named values, <c>scopes</c>, <c>exception</c>. What is empty is left out. Numbers, booleans, lists and
    /// dictionaries are JSON's own; times are ISO 8601, bytes base64, everything else text in the invariant culture. A second value of one
    /// name is called <c>Name_2</c>. A value that throws is replaced by a note.
    /// </summary>
    Json,
}
