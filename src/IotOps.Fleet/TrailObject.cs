namespace IotOps.Fleet;

/// <summary>An object of a trail's bucket, opened for reading. Whoever opened it disposes it.</summary>
/// <param name="body">Its bytes, forward only.</param>
/// <param name="metadata">Its user metadata, names without <c>x-amz-meta-</c> and in lower case.</param>
public sealed class TrailObject(Stream body, IReadOnlyDictionary<string, string> metadata) : IAsyncDisposable
{
    /// <summary>Its bytes, forward only.</summary>
    public Stream Body => body;

    /// <summary>Its user metadata, names without <c>x-amz-meta-</c> and in lower case.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => body.DisposeAsync();
}
