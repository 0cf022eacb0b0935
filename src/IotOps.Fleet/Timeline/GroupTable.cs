namespace IotOps.Fleet.Timeline;

/// <summary>The groups of errors and their numbers. Templates are made of one event type each, so that no two of them share one.</summary>
internal sealed class GroupTable(int most)
{
    /// <summary>The number of the group of those that are not told apart.</summary>
    public const int Other = 0;

    private const int MostTypes = 200;

    private readonly Dictionary<string, LogTemplates> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string?, int), int> _numbers = [];
    private readonly List<(string? EventType, string? Reason, int Template, string Text)> _groups = [(null, null, 0, "other")];

    public int Number(IotLogEntry entry)
    {
        string type = entry.EventType ?? "";
        if (!_templates.TryGetValue(type, out LogTemplates? templates))
        {
            if (_templates.Count >= MostTypes)
            {
                return Other;
            }

            _templates.Add(type, templates = new LogTemplates());
        }

        string masked = LogTemplates.Mask(entry.Details ?? "");
        int template = templates.Add(masked);
        if (_numbers.TryGetValue((type, entry.Reason, template), out int number))
        {
            return number;
        }

        if (_groups.Count > most)
        {
            return Other;
        }

        number = _groups.Count;
        _groups.Add((entry.EventType, entry.Reason, template, masked));
        _numbers.Add((type, entry.Reason, template), number);
        return number;
    }

    public ErrorGroup Group(int number, long errors)
    {
        (string? type, string? reason, int template, string text) = _groups[number];
        string words = number == Other ? text : _templates[type ?? ""].Find(template) ?? text;
        return new ErrorGroup(type, reason, words, errors);
    }
}
