using System.IO.Abstractions;

namespace IotOps.Logs.Checkpoints;

/// <summary>Holds a state directory for one shipper. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly Stream _file;

    /// <exception cref="IOException">Another shipper holds the directory, or it cannot be written.</exception>
    public StateLock(string directory, IFileSystem fileSystem)
    {
        string path = Path.Combine(directory, "lock");
        try
        {
            fileSystem.Directory.CreateDirectory(directory);
            _file = fileSystem.FileStream.New(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The state directory '{directory}' cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"The state directory '{directory}' cannot be used, or another log shipper uses it; give each its own: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
