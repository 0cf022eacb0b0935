using IotOps.Archive.DependencyInjection;
using IotOps.Archive.Layout;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace IotOps.Archive;

/// <summary>Where the logs of a fleet lie in a bucket. Immutable, safe for concurrent use.</summary>
public sealed class LogLayout
{
    /// <summary>The identifier that means every device, as in <c>/iot-log client_id lifecycle 2023/10/01</c>.</summary>
    public const string AllDevices = "client_id";

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    private readonly Dictionary<string, CategoryPrefix> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks and takes the categories.</summary>
    /// <param name="categories">At least one.</param>
    /// <exception cref="ArgumentException">A category cannot be used; the message says which and why.</exception>
    public LogLayout(params IReadOnlyList<LogCategory> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        if (categories.Count == 0)
        {
            throw new ArgumentException("A layout has at least one category.", nameof(categories));
        }

        foreach (LogCategory category in categories)
        {
            CategoryPrefix prefix = Check(category);
            foreach (string name in (IEnumerable<string>)[category.Name, .. category.Aliases])
            {
                if (!_byName.TryAdd(name, prefix))
                {
                    throw new ArgumentException($"Two categories are called '{name}'.", nameof(categories));
                }
            }
        }

        Categories = [.. categories];
    }

    /// <summary>The categories, in the order given.</summary>
    public IReadOnlyList<LogCategory> Categories { get; }

    /// <summary>Reads a layout from a section of a host's configuration: a category's properties below its name, such as <c>telemetry:Prefix</c>.</summary>
    /// <param name="categories">The section.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each.</exception>
    public static LogLayout FromConfiguration(IConfiguration categories) => SettingsReader.Read(categories, LogLayoutSettings.Read);

    /// <summary>The category of that name or alias, upper and lower case being the same; null when there is none.</summary>
    public LogCategory? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.GetValueOrDefault(name)?.Category;
    }

    /// <summary>The category with its prefix understood.</summary>
    internal CategoryPrefix Prefix(string name) =>
        _byName.GetValueOrDefault(name)
        ?? throw new ArgumentException($"There is no category '{name}'; there are {string.Join(", ", Categories.Select(c => c.Name))}.", nameof(name));

    private static CategoryPrefix Check(LogCategory category)
    {
        ArgumentNullException.ThrowIfNull(category);
        if (category.Name is not { Length: > 0 and <= 64 } || !category.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ArgumentException($"'{category.Name}' is no category name: 1 to 64 letters, digits, '-' and '_'.", nameof(category));
        }

        if (category.DeliveryDelay < TimeSpan.Zero || category.DeliveryDelay > LongestDelay)
        {
            throw new ArgumentException($"Category {category.Name}: DeliveryDelay is between zero and 7 days, not {category.DeliveryDelay}.", nameof(category));
        }

        if (category.DeliveryDelay > TimeSpan.Zero && category.Time is null)
        {
            throw new ArgumentException(
                $"Category {category.Name}: with a DeliveryDelay the neighbouring folders are read too, so Time must name the property that tells a record's own time.",
                nameof(category));
        }

        try
        {
            return new CategoryPrefix(category);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"Category {category.Name}: {e.Message}", nameof(category), e);
        }
    }
}
