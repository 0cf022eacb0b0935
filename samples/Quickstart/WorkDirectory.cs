namespace IotOps.Samples.Quickstart;

/// <summary>A directory that goes with the program.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("iotops-quickstart-").FullName;

    /// <summary>Absolute path of something inside.</summary>
    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
