namespace IotOps.Logs;

/// <summary>What goes with one file.</summary>
public sealed record S3UploaderPutOptions
{
    /// <summary>The object's Content-Type; null leaves it to S3, <c>application/octet-stream</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Told as bytes go out: about every MiB, and at the end. Goes back when a part has to be sent again.</summary>
    public IProgress<S3UploaderProgress>? Progress { get; init; }

    internal KeyValuePair<string, string> ContentTypeHeader => new("Content-Type", ContentType ?? "application/octet-stream");
}
