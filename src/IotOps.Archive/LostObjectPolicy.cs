namespace IotOps.Archive;

/// <summary>What happens when an object cannot be read as it was listed: deleted or overwritten meanwhile, archived, or damaged gzip.</summary>
public enum LostObjectPolicy
{
    /// <summary>The export fails and uploads nothing.</summary>
    Fail = 0,

    /// <summary>It is left out, and the zip's <c>manifest.json</c> says so. Records of it that were read before stay.</summary>
    Skip = 1,
}
