namespace IotOps.Fleet.Activity;

/// <summary>What ARNs of Greengrass V2 name, such as <c>arn:aws:greengrass:eu-west-1:123456789012:components:com.example.Agent:versions:1.2.0</c>.</summary>
internal static class GreengrassArn
{
    private const int ResourceAt = 5;

    /// <summary>The component of an ARN; null when it names none.</summary>
    public static GreengrassComponent? Component(string? arn)
    {
        string[] parts = arn?.Split(':') ?? [];
        return parts.Length > ResourceAt + 1 && parts[2] == "greengrass" && parts[ResourceAt] == "components"
            ? new GreengrassComponent(parts[ResourceAt + 1], parts is [.., "versions", var version] ? version : null)
            : null;
    }

    /// <summary>The first deployment among resources.</summary>
    public static string? Deployment(IReadOnlyList<CloudTrailResource> resources) => resources
        .Select(resource => resource.Arn?.Split(':'))
        .FirstOrDefault(parts => parts is { Length: > ResourceAt + 1 } && parts[2] == "greengrass" && parts[ResourceAt] == "deployments")?[ResourceAt + 1];

    /// <summary>The core device of a call of the data plane: the thing among its resources.</summary>
    public static string? Core(CloudTrailRecord record) =>
        record.Kind == CloudTrailEventKind.Data ? IotArn.Resource("thing", [.. record.Resources.Select(resource => resource.Arn)]) : null;
}
