namespace IotOps.Emulator;

/// <summary>A message that was posted to the emulated Slack, or one that it refused.</summary>
public sealed record ReceivedSlackPost
{
    /// <summary>The response_url, or null for a call of the Web API.</summary>
    public Uri? ResponseUrl { get; init; }

    /// <summary><c>response_url</c>, <c>chat.postMessage</c> or <c>chat.update</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The body as it came.</summary>
    public required string Json { get; init; }

    /// <summary>Member <c>text</c> of the body; empty when there is none.</summary>
    public required string Text { get; init; }

    /// <summary>Why it was refused, in Slack's word for it; null when it was taken.</summary>
    public string? Error { get; init; }

    /// <summary>When it came, by the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
