namespace IotOps.TestKit;

/// <summary>A directory of a test's own, gone with the test.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("iotops-").FullName;

    /// <summary>The path of something inside.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
