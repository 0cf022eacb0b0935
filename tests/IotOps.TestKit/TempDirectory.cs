namespace IotOps.TestKit;

/// <summary>A directory of a test's own, gone with the test.</summary>
public sealed class TempDirectory : IDisposable
{
    private const string MemoryDirectory = "/dev/shm";

    /// <param name="inMemory">Where the system has memory for files, there: for state whose flushes to a disk would be most of a test's time.</param>
    public TempDirectory(bool inMemory = false) =>
        Path = inMemory && Directory.Exists(MemoryDirectory)
            ? Directory.CreateDirectory(System.IO.Path.Combine(MemoryDirectory, $"iotops-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("iotops-").FullName;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The path of something inside.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
