using IotOps.Shared;

namespace IotOps.Archive.DependencyInjection;

/// <summary>Where logs lie, as a section of a host's configuration has it: a category's settings below its name.</summary>
internal static class LogLayoutSettings
{
    /// <summary>Stands in for a layout that has problems; nobody gets to see it.</summary>
    public static readonly LogLayout Unread = new(new LogCategory { Name = "unread", Prefix = "unread/" });

    public static LogLayout Read(SettingsReader settings)
    {
        IReadOnlyList<LogCategory> categories = settings.Named(ReadCategory);
        try
        {
            return new LogLayout(categories);
        }
        catch (ArgumentException e)
        {
            settings.Problem(e.Message.Split(" (Parameter", 2)[0]);
            return Unread;
        }
    }

    private static LogCategory ReadCategory(string name, SettingsReader settings) => new()
    {
        Name = name,
        Prefix = settings.Required(nameof(LogCategory.Prefix), "where the category's objects are, such as 'telemetry/{yyyy}/{MM}/{dd}/{HH}/'"),
        Aliases = settings.Texts(nameof(LogCategory.Aliases), []),
        Identifier = settings.Text(nameof(LogCategory.Identifier)),
        Time = settings.Text(nameof(LogCategory.Time)),
        TimeZone = settings.Text(nameof(LogCategory.TimeZone)),
        DeliveryDelay = settings.Duration(nameof(LogCategory.DeliveryDelay), TimeSpan.Zero),
    };
}
