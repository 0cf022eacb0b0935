using System.IO.Abstractions;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Checkpoints;

/// <summary>Puts checkpoints on the disk so that a whole one is always there: the one before is kept until the next is safe.</summary>
internal sealed class CheckpointFile(string directory, IFileSystem fileSystem, ILogger logger)
{
    private readonly string _current = Path.Combine(directory, "checkpoint");
    private readonly string _previous = Path.Combine(directory, "checkpoint.previous");
    private readonly string _next = Path.Combine(directory, "checkpoint" + DurableFile.Suffix);
    private readonly string _corrupt = Path.Combine(directory, "checkpoint.corrupt");

    /// <summary>The newest whole checkpoint; null when there is none. <paramref name="isDamaged"/> when there was one and it cannot be read.</summary>
    public CheckpointState? Load(out bool isDamaged)
    {
        isDamaged = false;
        PrivateFiles.Close(fileSystem, _corrupt);
        CheckpointState? newest = null;
        foreach (string path in (ReadOnlySpan<string>)[_current, _next, _previous])
        {
            if (!fileSystem.File.Exists(path))
            {
                continue;
            }

            PrivateFiles.Close(fileSystem, path);

            try
            {
                CheckpointState state = CheckpointFormat.Read(fileSystem.File.ReadAllBytes(path));
                newest = newest is null || state.Generation > newest.Generation ? state : newest;
            }
            catch (InvalidDataException e) when (path == _next)
            {
                // A crash while it was written: the current one is whole.
                Log.CheckpointWriteUnfinished(logger, path, e.Message);
            }
            catch (InvalidDataException e)
            {
                isDamaged = true;
                Log.CheckpointDamaged(logger, path, e.Message, _corrupt);
                fileSystem.File.Move(path, _corrupt, overwrite: true);
            }
        }

        return newest;
    }

    /// <exception cref="IOException">The disk refused; the checkpoint before is still whole.</exception>
    public void Write(ReadOnlySpan<byte> content) => DurableFile.Write(fileSystem, _current, content, keepAs: _previous);
}
