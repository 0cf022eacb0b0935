namespace IotOps.Soak.Logs;

/// <summary>Rotation by copy and truncate. The writer pauses meanwhile: what it wrote in between, the rotator itself would lose.</summary>
internal sealed class CopyTruncatedLog(string directory, string stream, Ledger ledger, int seed)
    : RotatingLog(directory, stream, ledger, seed)
{
    protected override Task<FileStream> RotateAsync(FileStream file, CancellationToken stop)
    {
        File.Copy(Path, NextRotatedPath());
        file.SetLength(0);
        return Task.FromResult(file);
    }
}
