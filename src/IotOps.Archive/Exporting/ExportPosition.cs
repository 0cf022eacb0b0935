namespace IotOps.Archive.Exporting;

/// <summary>How far the sources were read: everything before is in the zip.</summary>
/// <param name="Entry">Index of the file.</param>
/// <param name="Object">Index of the object in it.</param>
/// <param name="Offset">Decoded bytes of that object that are done with.</param>
internal readonly record struct ExportPosition(int Entry, int Object, long Offset);
