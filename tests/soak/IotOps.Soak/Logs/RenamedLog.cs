namespace IotOps.Soak.Logs;

/// <summary>Rotation by rename and create.</summary>
internal sealed class RenamedLog(string directory, string stream, Ledger ledger, int seed)
    : RotatingLog(directory, stream, ledger, seed)
{
    protected override async Task<FileStream> RotateAsync(FileStream file, CancellationToken stop)
    {
        File.Move(Path, NextRotatedPath());
        await file.DisposeAsync();
        return Open();
    }
}
