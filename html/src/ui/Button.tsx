import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icons';

interface Props extends ComponentProps<'button'> {
  icon?: IconName;
  label: string;
  // Where there is no room the icon stands alone.
  compact?: 'always' | 'narrow' | 'never';
  look?: 'plain' | 'primary' | 'danger';
  keys?: string;
}

export function Button({
  icon,
  label,
  compact = 'never',
  look = 'plain',
  keys,
  className,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      className={`button ${className ?? ''}`}
      data-look={look}
      data-compact={compact}
      title={keys ? `${label} (${keys})` : compact === 'never' ? undefined : label}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      <span className="button-label">{label}</span>
    </button>
  );
}
