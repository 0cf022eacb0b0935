namespace IotOps.TestKit;

/// <summary>One request that a <see cref="StubHttpHandler"/> saw.</summary>
/// <param name="Message">The request, its content already read.</param>
/// <param name="Body">The content's bytes; empty when there was none.</param>
public sealed record RecordedRequest(HttpRequestMessage Message, byte[] Body)
{
    /// <summary>A request or content header's value; null when absent.</summary>
    public string? Header(string name) =>
        Message.Headers.TryGetValues(name, out IEnumerable<string>? values)
            || (Message.Content?.Headers.TryGetValues(name, out values) ?? false)
            ? string.Join(",", values)
            : null;
}
