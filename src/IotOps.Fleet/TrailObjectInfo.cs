namespace IotOps.Fleet;

/// <summary>An object of a trail's bucket as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="LastModified">When it was stored; null where that is not known.</param>
public sealed record TrailObjectInfo(string Key, DateTimeOffset? LastModified);
