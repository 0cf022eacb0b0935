namespace IotOps.Fleet.Activity;

/// <summary>What ARNs of AWS IoT name, such as <c>arn:aws:iot:eu-west-1:123456789012:thing/THING00001</c>.</summary>
internal static class IotArn
{
    /// <summary>The name of the first resource of a type among ARNs; null when there is none.</summary>
    public static string? Resource(string type, IReadOnlyList<string?> arns)
    {
        foreach (string? arn in arns)
        {
            string[] parts = arn?.Split(':', 6) ?? [];
            if (parts.Length == 6 && parts[2] == "iot" && parts[5].StartsWith(type + "/", StringComparison.Ordinal))
            {
                return parts[5][(type.Length + 1)..];
            }
        }

        return null;
    }
}
