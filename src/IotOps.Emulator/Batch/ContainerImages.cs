using System.Collections.Concurrent;

namespace IotOps.Emulator.Batch;

/// <summary>What the images of definitions that came over HTTP are on this machine. Thread-safe.</summary>
internal sealed class ContainerImages
{
    private readonly ConcurrentDictionary<string, BatchImage> _images = new(StringComparer.Ordinal);

    public void Set(BatchImage image) => _images[image.Name] = image;

    /// <exception cref="CannotPullException">There is no such image.</exception>
    public BatchImage Pull(string name) => _images.TryGetValue(name, out BatchImage? image) ? image : throw new CannotPullException(name);
}
