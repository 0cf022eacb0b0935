namespace IotOps.Fleet;

/// <summary>How a <see cref="CloudTrailWriter"/> writes records.</summary>
public enum CloudTrailFileFormat
{
    /// <summary>As CloudTrail writes its files, so that whatever reads those reads these.</summary>
    Records = 0,

    /// <summary>One record a line.</summary>
    Lines = 1,
}
