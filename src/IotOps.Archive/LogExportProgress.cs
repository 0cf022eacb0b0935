namespace IotOps.Archive;

/// <summary>How far an export is.</summary>
/// <param name="Percent">10 while the objects are listed, 10 to 99 by their bytes, 100 when the zip is there.</param>
/// <param name="ObjectsDone">Objects read.</param>
/// <param name="ObjectsTotal">Objects listed.</param>
/// <param name="BytesDone">Bytes of them read.</param>
/// <param name="BytesTotal">Bytes of all that were listed.</param>
public sealed record LogExportProgress(int Percent, long ObjectsDone, long ObjectsTotal, long BytesDone, long BytesTotal);
