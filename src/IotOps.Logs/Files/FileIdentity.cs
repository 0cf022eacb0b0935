namespace IotOps.Logs.Files;

/// <summary>Which file a name leads to. On other systems than Linux: device 0 and the creation time in place of the inode.</summary>
internal readonly record struct FileIdentity(long Device, long Inode);
