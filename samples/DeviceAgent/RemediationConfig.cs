using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What operators may ask of the device: <c>remediation: { services: ['app'], stopCommand: ['systemctl', 'stop'] }</c>.</summary>
internal sealed record RemediationConfig
{
    /// <summary>The services that may be stopped, and no others.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>The program that stops a service, and its words in front of the service's name.</summary>
    public IReadOnlyList<string> StopCommand { get; init; } = ["systemctl", "stop"];

    /// <summary>Reads the section; null when <c>services.cloud.remediation</c> is false.</summary>
    public static RemediationConfig? Read(ConfigReader remediation, bool wanted)
    {
        var defaults = new RemediationConfig();
        string[] command = [.. remediation.Strings("stopCommand")];
        RemediationConfig config = defaults with { Services = [.. remediation.Strings("services")], StopCommand = command.Length > 0 ? command : defaults.StopCommand };
        foreach (string service in config.Services.Where(service => service.StartsWith('-')))
        {
            remediation.Problem("services", $"holds '{service}', which a program would take for an option");
        }

        return wanted ? config : null;
    }
}
