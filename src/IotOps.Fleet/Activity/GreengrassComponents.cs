using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Activity;

/// <summary>The components that a call is about, wherever the record names them.</summary>
internal static class GreengrassComponents
{
    public static IReadOnlyList<GreengrassComponent> Of(CallMembers call, CloudTrailRecord record)
    {
        List<GreengrassComponent> components = [];
        if (call.Object("components"u8) is { ValueKind: JsonValueKind.Object } deployed)
        {
            components.AddRange(deployed.EnumerateObject().Select(c => new GreengrassComponent(Members.Name(c), Members.Text(c.Value, "componentVersion"u8))));
        }

        if (call.Text("componentName"u8) is { } name)
        {
            components.Add(new GreengrassComponent(name, call.Text("componentVersion"u8)));
        }

        string?[] arns = [call.Text("arn"u8), call.Text("resourceArn"u8), .. record.Resources.Select(resource => resource.Arn)];
        components.AddRange(arns.Select(GreengrassArn.Component).OfType<GreengrassComponent>());
        return [.. components.Distinct()];
    }
}
