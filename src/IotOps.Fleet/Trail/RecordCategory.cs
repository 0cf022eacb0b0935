namespace IotOps.Fleet.Trail;

/// <summary>The category of a record that does not name it: member of every record since version 1.07.</summary>
internal static class RecordCategory
{
    public static string Of(string? eventType, bool? isManagement) => (eventType, isManagement) switch
    {
        ("AwsCloudTrailInsight", _) => "Insight",
        ("AwsVpceEvents", _) => "NetworkActivity",
        (_, false) => "Data",
        _ => "Management",
    };
}
